//! Bodies between the network, the disk and the records.
//!
//! **Source**: S3 API reference, *GetObject* (what a missing key answers); fault F04.

use bytes::Bytes;
use daypass_store::records::{Object, ObjectChecksum};
use daypass_wire::limits::OBJECT_BYTES_MAX;
use md5::{Digest as _, Md5};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::checksum::{self, Algorithm, Running};
use super::disk::{Draft, Placed};
use super::error;
use super::reading::{Reading, Received, Step};
use super::visit::{Visit, bucket as existing_bucket, not_read, not_written};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::Permit;

/// Bytes read from a file at a time, which is what one download holds.
const PIECE_BYTES: usize = 64 * 1_024;

/// How often a body is looked for again after the object was written anew under the reader.
const REPLACED_RETRIES_MAX: u32 = 8;

/// Starts a file.
pub(super) async fn draft(env: &Env) -> Result<Draft, Failure> {
    let random = env.random()?;
    env.s3().disk().draft(random).await.map_err(not_written)
}

/// Writes a body to disk; it is durable, checked, and named by no record yet.
pub(super) async fn receive(
    env: &Env,
    mut reading: Reading,
) -> Result<(Placed, Received), Failure> {
    let mut draft = draft(env).await?;
    loop {
        match reading.next().await {
            Ok(Step::Piece(piece)) => draft.write(&piece).await.map_err(not_written)?,
            Ok(Step::End(received)) => {
                return Ok((draft.place().await.map_err(not_written)?, received));
            }
            Err(Failure::TooLarge) => return Err(error::entity_too_large(OBJECT_BYTES_MAX).into()),
            Err(failure) => return Err(failure),
        }
    }
}

/// Removes bodies that no record names any more.
pub(super) async fn discard(env: &Env, bodies: impl IntoIterator<Item = String>) {
    for body in bodies {
        env.s3().disk().remove(&body).await;
    }
}

/// The object under a key, with its body open.
pub(super) async fn open(
    env: &Env,
    bucket: &str,
    key: &str,
) -> Result<Option<(Object, File)>, Failure> {
    for _ in 0..REPLACED_RETRIES_MAX {
        let Some(object) = env.read().await?.object(bucket, key).await? else {
            return Ok(None);
        };
        match env.s3().disk().read(&object.body).await {
            Ok(file) => return Ok(Some((object, file))),
            // Written anew between the two: its record names another body by now.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(not_read(error)),
        }
    }
    Err(Failure::Internal(
        "an object names a body that is not there".to_owned(),
    ))
}

/// What a caller hears who may read a key where there is nothing: only those who may list the
/// bucket learn that.
pub(super) async fn missing(
    visit: &Visit,
    permit: &Permit,
    bucket: &str,
    key: &str,
) -> Result<Failure, Failure> {
    existing_bucket(&mut visit.env().read().await?, bucket).await?;
    let need = visit.on_bucket("s3:ListBucket", bucket);
    Ok(match permit.also(visit.env(), &need).await? {
        None => error::no_such_key(key).into(),
        Some(denial) => Failure::Denied(Box::new(denial)),
    })
}

/// Reads some bytes of a file, piece by piece.
pub(super) struct Pieces {
    file: File,
    left: u64,
}

impl Pieces {
    /// From `start` on, `length` bytes.
    pub(super) async fn new(mut file: File, start: u64, length: u64) -> Result<Self, Failure> {
        if start > 0 {
            file.seek(std::io::SeekFrom::Start(start))
                .await
                .map_err(not_read)?;
        }
        Ok(Self { file, left: length })
    }

    /// The next piece; nothing once all were read.
    pub(super) async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        if self.left == 0 {
            return Ok(None);
        }
        let wanted = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(PIECE_BYTES);
        let mut piece = vec![0; wanted];
        let count = self.file.read(&mut piece).await?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        piece.truncate(count);
        self.left = self
            .left
            .saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(Some(Bytes::from(piece)))
    }
}

/// Measures bytes that are copied on our side.
pub(super) struct Meter {
    md5: Md5,
    running: Option<Running>,
    bytes: u64,
}

/// What was measured.
pub(super) struct Measured {
    /// How many bytes.
    pub bytes: u64,
    /// Their MD5.
    pub md5: [u8; 16],
    /// Their checksum, if one was asked for.
    pub checksum: Option<ObjectChecksum>,
}

impl Meter {
    /// Measures size, MD5 and perhaps a checksum.
    pub(super) fn new(algorithm: Option<Algorithm>) -> Self {
        Self {
            md5: Md5::new(),
            running: algorithm.map(Running::new),
            bytes: 0,
        }
    }

    /// What was measured.
    pub(super) fn finish(self) -> Measured {
        let checksum = self.running.map(|running| {
            let algorithm = running.algorithm();
            checksum::whole(algorithm, &running.finish())
        });
        Measured {
            bytes: self.bytes,
            md5: self.md5.finalize().into(),
            checksum,
        }
    }
}

/// Copies pieces to the end of a file.
pub(super) async fn append(
    draft: &mut Draft,
    mut pieces: Pieces,
    meter: &mut Meter,
) -> Result<(), Failure> {
    while let Some(piece) = pieces.next().await.map_err(not_read)? {
        meter.md5.update(&piece);
        if let Some(running) = &mut meter.running {
            running.update(&piece);
        }
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        meter.bytes = meter.bytes.saturating_add(length);
        draft.write(&piece).await.map_err(not_written)?;
    }
    Ok(())
}

/// An MD5 as entity tags write it.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}
