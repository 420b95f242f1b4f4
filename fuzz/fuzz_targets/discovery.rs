//! Fuzz target: `daypass_testkit::parsers::discovery`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| daypass_testkit::parsers::discovery(bytes));
