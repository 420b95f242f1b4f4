//! The AWS JSON 1.1 protocol: how its operations are read, run and answered.
//!
//! **Source**: contract page, Cognito identity sections 1.1 to 1.3.

use std::future::Future;
use std::pin::Pin;

use daypass_json::Value;
use daypass_wire::json::{self, Answer, Members, Rejection};

use crate::cognito::error::CONCURRENT_MODIFICATION;
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Admission, FaceRules};
use crate::incoming::Incoming;
use crate::operation::{Operation, perform};

/// The content type of every answer.
pub(crate) const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// An input read from a JSON object.
pub(crate) trait JsonInput: Sized {
    /// Reads the members, collecting what is wrong with them.
    fn read(members: &mut Members<'_>) -> Self;
}

/// An output written as a JSON object, or as nothing at all.
pub(crate) trait JsonOutput {
    /// The object; `None` for operations without an output.
    fn write(self) -> Option<Answer>;
}

impl JsonOutput for () {
    fn write(self) -> Option<Answer> {
        None
    }
}

type Run = for<'a> fn(
    &'a Env,
    &'a Incoming,
    &'a FaceRules,
) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, Failure>> + Send + 'a>>;

/// One row of a JSON face's table.
pub(crate) struct JsonOperation {
    /// Its wire name.
    pub name: &'static str,
    /// Whether a signature is needed.
    pub signed: bool,
    /// The errors of its own that it may return.
    pub errors: &'static [&'static str],
    run: Run,
}

impl JsonOperation {
    /// The row of `O`.
    pub(crate) const fn of<O>() -> Self
    where
        O: Operation,
        O::Input: JsonInput,
        O::Output: JsonOutput,
    {
        Self {
            name: O::NAME,
            signed: O::Admission::SIGNED,
            errors: O::ERRORS,
            run: run::<O>,
        }
    }

    /// Runs it and gives the body of its answer.
    pub(crate) async fn run(
        &self,
        env: &Env,
        incoming: &Incoming,
        rules: &FaceRules,
    ) -> Result<Vec<u8>, Failure> {
        (self.run)(env, incoming, rules).await
    }
}

fn run<'a, O>(
    env: &'a Env,
    incoming: &'a Incoming,
    rules: &'a FaceRules,
) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, Failure>> + Send + 'a>>
where
    O: Operation,
    O::Input: JsonInput,
    O::Output: JsonOutput,
{
    Box::pin(async move {
        let performed = perform::<O>(env, incoming, rules, || decode(incoming)).await;
        let output = performed.map_err(|failure| match failure {
            // Few operations tell their clients of a lost race; to the others it is our failure.
            Failure::Conflict if !O::ERRORS.contains(&CONCURRENT_MODIFICATION) => {
                Failure::Unavailable("transactions kept conflicting".to_owned())
            }
            other => other,
        })?;
        Ok(output
            .write()
            .map(|answer| answer.to_bytes())
            .unwrap_or_default())
    })
}

fn decode<I: JsonInput>(incoming: &Incoming) -> Result<I, Failure> {
    let malformed = |error: json::Malformed| {
        ApiError::new(
            "SerializationException",
            400,
            error.to_string(),
            "request.malformed",
        )
    };
    let value = json::read(&incoming.body).map_err(malformed)?;
    let Value::Object(object) = &value else {
        return Err(malformed(json::Malformed::NotAnObject).into());
    };
    let mut members = Members::new(object);
    let input = I::read(&mut members);
    members.finish().map_err(|rejection| match rejection {
        Rejection::Malformed(error) => malformed(error),
        Rejection::Violations(violations) => ApiError::new(
            "ValidationException",
            400,
            violations.to_string(),
            "request.invalid",
        ),
    })?;
    Ok(input)
}
