//! Fuzz target: `daypass_testkit::parsers::saml`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| daypass_testkit::parsers::saml(bytes));
