//! Runs every vector under `vectors/wire`, each case in a fresh house.

use crate::telling::told;

#[test]
fn every_vector_is_answered_as_it_says() {
    let told = told();
    let failures: Vec<String> = told
        .iter()
        .filter_map(|case| {
            let error = case.outcome.as_ref().err()?;
            Some(format!("{}\n  {error}", case.place))
        })
        .collect();
    println!("{} cases", told.len());
    assert!(
        failures.is_empty(),
        "{} of {} cases failed\n\n{}",
        failures.len(),
        told.len(),
        failures.join("\n\n")
    );
    assert!(!told.is_empty(), "no case was run");
}
