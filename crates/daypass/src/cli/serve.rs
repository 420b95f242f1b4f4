//! `daypass serve`: the real thing.
//!
//! **Source**: users page, section 10 (Processes); requirements S91 and F22.

use std::process::ExitCode;
use std::sync::Arc;

use super::settings::SettingFlags;
use super::{runtime, say};
use crate::config::{self, Config};
use crate::exit::Failure;
use crate::keep::Keeper;
use crate::open::{House, console, handler, open};
use crate::process;
use crate::serve::serve;
use crate::stop::Stop;
use crate::telemetry::{self, Output};

/// Serves until asked to stop.
pub(super) fn run(flags: SettingFlags) -> Result<ExitCode, Failure> {
    let config = config::load(&flags.inputs()?)?;
    process::harden()?;
    let _logs = telemetry::start(&config.log, config.log_format, Output::Stdout)?;
    if process::is_root() {
        tracing::warn!("running as root; a user of its own is all daypass needs");
    }
    let runtime = runtime()?;
    let served = runtime.block_on(until_stopped(&config));
    // Whatever did not finish within its time is not waited for again.
    runtime.shutdown_background();
    served
}

async fn until_stopped(config: &Config) -> Result<ExitCode, Failure> {
    let stop = Stop::listen()?;
    let house = open(config).await?;
    let (console, setup_code) = console(&house, config)?;
    let House {
        env,
        created_root,
        listener,
        rules,
        public_url,
        address,
    } = house;
    if let Some(root) = created_root {
        say("The root key of this deployment was made just now and is shown only this once:");
        say(&format!("  AWS_ACCESS_KEY_ID={}", root.access_key_id));
        say(&format!(
            "  AWS_SECRET_ACCESS_KEY={}",
            root.secret_access_key.expose()
        ));
    }
    if let Some(code) = setup_code {
        say("Or open the console and sign in with this code, once, within an hour:");
        say(&format!("  {public_url}/console  {code}"));
    }
    say(&format!(
        "daypass {} ready at {public_url} (listening on {address}, region {}, account {}, data {})",
        env!("CARGO_PKG_VERSION"),
        config.region,
        config.account_id,
        config.data.display(),
    ));
    let stopping = Arc::clone(&env);
    let asked = async move {
        stop.asked().await;
        stopping.begin_shutdown();
        tracing::info!("asked to stop; finishing what is in flight");
    };
    let keeper = Keeper::start(Arc::clone(&env));
    let finished = serve(listener, rules, handler(env, console), asked).await;
    keeper.stop().await;
    if !finished {
        tracing::warn!("stopped before every answer was sent");
    }
    Ok(ExitCode::SUCCESS)
}
