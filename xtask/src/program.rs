//! Running other programs: said aloud, and never ignored when they fail.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Says the command, runs it with the terminal handed through, and fails when it fails.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let said = say(command);
    println!("$ {said}");
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("could not start `{said}`: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{said}` ended with {status}"))
    }
}

/// What a program printed; its complaints pass through.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let said = say(command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("could not start `{said}`: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{said}` ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{said}` printed something not UTF-8"))
}

/// Whether the program starts and succeeds; nothing is printed.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The first place on the search path that holds a program of this name.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The command as a person would type it.
fn say(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_a_failure_with_its_words() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(
            error.contains("sh -c exit 3") && error.contains('3'),
            "{error}"
        );
        assert!(run(&mut Command::new("no-such-program-anywhere")).is_err());
    }

    #[test]
    fn output_is_what_was_printed() {
        assert_eq!(
            output(Command::new("sh").args(["-c", "echo hi"])).unwrap(),
            "hi\n"
        );
        assert!(output(Command::new("sh").args(["-c", "echo hi; exit 1"])).is_err());
    }

    #[test]
    fn find_looks_along_the_search_path() {
        assert!(find("sh").is_some());
        assert!(find("no-such-program-anywhere").is_none());
    }
}
