//! Fuzz target: `daypass_testkit::parsers::front_door`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| daypass_testkit::parsers::front_door(bytes));
