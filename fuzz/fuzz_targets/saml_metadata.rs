//! Fuzz target: `daypass_testkit::parsers::saml_metadata`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| daypass_testkit::parsers::saml_metadata(bytes));
