//! The IAM policy language and its evaluator.
