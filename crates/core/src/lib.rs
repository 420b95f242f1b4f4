//! The nouns and rules of identity pools, roles and sessions.
