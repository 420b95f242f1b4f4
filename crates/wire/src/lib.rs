//! AWS encodings: aws-json, query, XML, timestamps, constraints.
