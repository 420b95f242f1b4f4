//! Givens about buckets and what is in them, brought about by requests of the root user.
//!
//! **Shape**: a key is written as `BUCKET/KEY`, without spaces.
//! - `bucket B`
//! - `object B/K holds TEXT`
//! - `upload U of B/K` binds `U`; `part N of upload U of B/K holds TEXT` binds `U:N` to its ETag.
//!
//! **Source**: S3 API reference, *Actions*.

use bytes::Bytes;
use http::{Method, Request, Response};

use super::given::{World, told};
use crate::keys::Signing;

/// Brings about a phrase about buckets and objects.
pub(super) async fn given(world: &mut World<'_>, phrase: &str) -> Result<(), String> {
    let (head, text) = phrase.split_once(" holds ").unwrap_or((phrase, ""));
    match head.split(' ').collect::<Vec<_>>().as_slice() {
        ["bucket", bucket] => {
            send(world, Method::PUT, bucket, "").await?;
        }
        ["object", path] => {
            send(world, Method::PUT, path, text).await?;
        }
        ["upload", name, "of", path] => {
            let answer = send(world, Method::POST, &format!("{path}?uploads"), "").await?;
            let xml = String::from_utf8_lossy(answer.body());
            let after = xml.split_once("<UploadId>").map(|(_, after)| after);
            let id = after.and_then(|after| after.split_once('<'));
            let (id, _) = id.ok_or("no upload id")?;
            world.places.bind(name, id);
        }
        ["part", number, "of", "upload", name, "of", path] => {
            let id = daypass_wire::rest::encode(world.places.get(name)?);
            let target = format!("{path}?partNumber={number}&uploadId={id}");
            let answer = send(world, Method::PUT, &target, text).await?;
            let etag = answer.headers().get("etag").ok_or("no ETag")?;
            let etag = etag.to_str().map_err(told)?;
            world.places.bind(&format!("{name}:{number}"), etag);
        }
        _ => return Err("no such phrase".to_owned()),
    }
    Ok(())
}

async fn send(
    world: &World<'_>,
    method: Method,
    target: &str,
    text: &str,
) -> Result<Response<Bytes>, String> {
    let request = Request::builder()
        .method(method)
        .uri(format!("/{target}"))
        .header("content-length", text.len());
    let body = Bytes::copy_from_slice(text.as_bytes());
    let mut request = request.body(body).map_err(told)?;
    let (keys, now) = (world.keys("root")?, world.now_seconds());
    Signing::of("s3").sign(keys, &mut request, now)?;
    let answer = world.send(request).await;
    if answer.status() == 200 {
        return Ok(answer);
    }
    let body = String::from_utf8_lossy(answer.body());
    Err(format!("S3 answered {} {body}", answer.status()))
}
