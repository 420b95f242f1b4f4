//! The resource at the end: the own folder takes everything a client does, another's nothing.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};

use crate::world::{Outcome, World, refused, same, step, with_wrong_secret};

const PART_BYTES: usize = 5 * 1024 * 1024;

pub async fn reach(world: &World, keys: &Credentials, own: &str, other: &str) -> Outcome {
    let (s3, bucket) = (world.s3(keys), world.bucket.as_str());
    let (key, foreign) = (
        format!("{own}/hello world+1.txt"),
        format!("{other}/hello.txt"),
    );
    let put = |key: &str| {
        let body = ByteStream::from_static(b"hello");
        s3.put_object()
            .bucket(bucket)
            .key(key)
            .content_type("text/plain")
            .body(body)
            .send()
    };
    let get = |key: &str| s3.get_object().bucket(bucket).key(key).send();
    let list = |prefix: String| s3.list_objects_v2().bucket(bucket).prefix(prefix).send();

    put(&key).await?;
    let got = get(&key).await?;
    same(
        got.content_type(),
        Some("text/plain"),
        "the type of the object",
    )?;
    same(
        got.body.collect().await?.to_vec(),
        b"hello".to_vec(),
        "the object",
    )?;
    let listed = list(format!("{own}/")).await?;
    let names: Vec<_> = listed
        .contents()
        .iter()
        .filter_map(|object| object.key())
        .collect();
    same(names, vec![key.as_str()], "the listing of the own folder")?;
    step("put, get and list in the own folder");

    refused(
        "AccessDenied",
        "put to another's folder",
        put(&foreign).await,
    )?;
    refused(
        "AccessDenied",
        "get from another's folder",
        get(&foreign).await,
    )?;
    refused(
        "AccessDenied",
        "list another's folder",
        list(format!("{other}/")).await,
    )?;
    let whole = s3.list_objects_v2().bucket(bucket).send().await;
    refused("AccessDenied", "list the whole bucket", whole)?;
    let stranger = world.s3(&with_wrong_secret(keys));
    let stolen = stranger.get_object().bucket(bucket).key(&key).send().await;
    refused("SignatureDoesNotMatch", "S3 with a wrong secret", stolen)?;

    let link = presign(&s3, bucket, &key).await?;
    same(fetch(&link)?, (200, "hello".to_owned()), "a presigned link")?;
    let link = presign(&s3, bucket, &foreign).await?;
    same(fetch(&link)?.0, 403, "a presigned link to another's folder")?;
    step("presigned links");

    let large = format!("{own}/large.bin");
    upload_in_parts(&s3, bucket, &large).await?;
    for key in [&key, &large] {
        s3.delete_object().bucket(bucket).key(key).send().await?;
    }
    same(
        list(format!("{own}/")).await?.key_count(),
        Some(0),
        "what is left in the folder",
    )?;
    step("delete");
    Ok(())
}

async fn upload_in_parts(s3: &Client, bucket: &str, key: &str) -> Outcome {
    let content: Vec<u8> = (0..=255).cycle().take(PART_BYTES + 7).collect();
    let started = s3
        .create_multipart_upload()
        .bucket(bucket)
        .key(key)
        .send()
        .await?;
    let upload = started.upload_id().ok_or("an upload was started")?;
    let mut whole = CompletedMultipartUpload::builder();
    for (number, bytes) in (1..).zip(content.chunks(PART_BYTES)) {
        let part = s3
            .upload_part()
            .bucket(bucket)
            .key(key)
            .upload_id(upload)
            .part_number(number);
        let sent = part.body(ByteStream::from(bytes.to_vec())).send().await?;
        let done = CompletedPart::builder()
            .part_number(number)
            .set_e_tag(sent.e_tag);
        whole = whole.parts(done.build());
    }
    let complete = s3
        .complete_multipart_upload()
        .bucket(bucket)
        .key(key)
        .upload_id(upload);
    complete.multipart_upload(whole.build()).send().await?;
    let got = s3.get_object().bucket(bucket).key(key).send().await?;
    let back = got.body.collect().await?.to_vec();
    same(
        back == content,
        true,
        "the object of two parts came back whole",
    )?;
    step("an upload in two parts");
    Ok(())
}

async fn presign(s3: &Client, bucket: &str, key: &str) -> Outcome<String> {
    let expires = PresigningConfig::expires_in(Duration::from_secs(60))?;
    let request = s3
        .get_object()
        .bucket(bucket)
        .key(key)
        .presigned(expires)
        .await?;
    Ok(request.uri().to_owned())
}

/// What a link answers to someone without keys, over a plain socket.
fn fetch(link: &str) -> Outcome<(u16, String)> {
    let rest = link
        .strip_prefix("http://")
        .ok_or("a link over plain HTTP")?;
    let (host, path) = rest.split_once('/').ok_or("a link with a path")?;
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or("an answer with a head")?;
    let status = head
        .split(' ')
        .nth(1)
        .ok_or("an answer with a status")?
        .parse()?;
    Ok((status, body.to_owned()))
}
