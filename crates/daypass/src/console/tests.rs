//! The console walked through from outside.
