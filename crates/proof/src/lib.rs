//! Bytes to verified facts: SigV4, JWT, sealed tokens.
