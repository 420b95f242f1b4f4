//! Every operation with the errors of its own and with who may call it, as one table.
//!
//! The table stands in `vectors/expected/operations.txt`, where programs that are not ours read it:
//! the lane that compares us with the published model. `DAYPASS_BLESS=1` writes it anew; read the
//! difference before keeping it.
//!
//! **Source**: STYLE §8; DESIGN §9 (every operation lists what it may return).

use std::fmt::Write as _;

use crate::vectors::repository;

const TABLE: &str = "vectors/expected/operations.txt";

const HEAD: &str = "\
# Every operation, who may call it, and the errors of its own that it may answer.
#
# The errors that every operation of a face may answer are not repeated. The S3 face names its
# errors in one catalogue for all its operations, so its rows list none.

";

#[test]
fn the_table_of_operations_is_the_committed_one() {
    let mut found = HEAD.to_owned();
    for row in daypass_service::operations() {
        let door = if row.signed { "signed" } else { "public" };
        let mut errors = row.errors.to_vec();
        errors.sort_unstable();
        let _ = write!(found, "{} {} {door}", row.face, row.name);
        for error in errors {
            let _ = write!(found, " {error}");
        }
        found.push('\n');
    }
    let path = repository(TABLE);
    if crate::setting("DAYPASS_BLESS").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        wanted == found,
        "{TABLE} is not what the code says; run again with DAYPASS_BLESS=1 and read the difference"
    );
}
