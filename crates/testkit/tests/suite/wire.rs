//! Runs every vector under `vectors/wire`, each case in a fresh house.
//!
//! `DAYPASS_VECTOR=text` runs only the files whose path contains the text.

use daypass_testkit::vector;

use crate::vectors;

#[tokio::test(start_paused = true)]
async fn every_vector_is_answered_as_it_says() {
    let wanted = crate::setting("DAYPASS_VECTOR").unwrap_or_default();
    let (mut cases, mut failures) = (0, Vec::new());
    for file in vectors::all() {
        if !file.path.contains(&wanted) {
            continue;
        }
        for case in &file.cases {
            cases += 1;
            if let Err(error) = vector::run(case).await {
                let (path, line, name) = (&file.path, case.line, &case.name);
                failures.push(format!("{path}:{line}: {name}\n  {error}"));
            }
        }
    }
    println!("{cases} cases");
    assert!(
        failures.is_empty(),
        "{} of {cases} cases failed\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    assert!(cases > 0, "no case was run");
}
