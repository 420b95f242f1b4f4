//! AWS encodings: aws-json, query, XML, timestamps, constraints.
//!
//! This room turns request bytes into checked values and values into answer bytes, and knows
//! nothing of what they are about: which members an operation has, and what they mean, is said by
//! the operation. It does no I/O and reads no clock.
//!
//! **Source**: AWS JSON 1.1 and AWS query protocols as described on the Cognito identity and STS
//! reference pages; requirements S01–S09 of the reliability and security page.

pub mod constraint;
pub mod json;
pub mod limits;
pub mod pattern;
pub mod query;
pub mod rest;
pub mod time;
pub mod xml;
