//! How large a policy and a decision may be.
//!
//! Every loop of the evaluator runs over something counted here, so the time of one decision is
//! bounded by the policies that were accepted.
//!
//! **Source**: limits table of the reliability and security page, section 3.

/// Statements in one policy document.
pub const STATEMENTS_MAX: usize = 500;
/// Condition values in one statement, over all its operators and keys.
pub const CONDITION_VALUES_MAX: usize = 200;
/// Policies that take part in one decision, over all their types.
pub const POLICIES_PER_DECISION_MAX: usize = 64;
