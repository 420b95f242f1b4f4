//! The spine, the guard, one file per operation.
