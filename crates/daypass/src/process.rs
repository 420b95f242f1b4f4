//! What the process grants itself before it opens anything: little.
//!
//! Files are private from the first byte, a crash writes no memory to disk, nobody can attach to a
//! process that holds keys, and the room for connections is as large as the machine allows.
//!
//! **Source**: requirements S77, S91 and F20 of the reliability and security page.

use rustix::fs::Mode;
use rustix::process::{DumpableBehavior, Resource, Rlimit};

use crate::exit::Failure;

/// Hardens the process.
///
/// **Errors**: a configuration failure when the binary is installed set-user-id or set-group-id,
/// because then the person who starts it chooses its files but not its rights.
pub(crate) fn harden() -> Result<(), Failure> {
    use rustix::process::{getegid, geteuid, getgid, getuid};
    if getuid() != geteuid() || getgid() != getegid() {
        return Err(Failure::configuration(
            "daypass refuses to run set-user-id or set-group-id; start it as the user that owns \
             its data folder",
        ));
    }
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    // Best effort: a sandbox may forbid either, and neither makes the service wrong.
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _refused = rustix::process::setrlimit(Resource::Core, none);
    let _refused = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable);
    Ok(())
}

/// Whether the process runs as root.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Raises the soft limit of open files to the hard one and says what it is now.
pub(crate) fn raise_open_files() -> u64 {
    let limit = rustix::process::getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    let now = match rustix::process::setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    now.unwrap_or(u64::MAX)
}
