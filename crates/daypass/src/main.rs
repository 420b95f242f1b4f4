//! The daypass binary: the only room with sockets, files of settings, a clock and chance.
//!
//! It takes bytes from the network, reads the clock once, and hands a request to the service; what
//! the service decides is not known here. Read `cli` for what can be typed, `open` for the order in
//! which a server comes up, `serve` for what stands between a socket and the service.
//!
//! **Source**: DESIGN, sections 3 to 5 and 13; users page, sections 9 and 10.

mod advice;
mod api;
mod cli;
mod client;
mod clock;
mod config;
mod console;
mod demo;
mod entropy;
mod exchange;
mod exit;
mod fetch;
mod files;
mod keep;
mod open;
mod process;
mod readiness;
mod serve;
mod snippets;
mod stop;
mod telemetry;
mod templates;
mod token;
mod words;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cli::run(cli::Cli::parse()) {
        Ok(code) => code,
        Err(failure) => {
            use std::io::Write;
            // Standard error may be closed; the exit code still says it.
            let _closed = writeln!(std::io::stderr(), "{}", failure.told());
            failure.code()
        }
    }
}
