//! Seeded histories over the whole house: a few in every run, others by `cargo xtask sim`.
//!
//! **Source**: DESIGN §11 (simulation); requirement S70.

use daypass_testkit::sim;

use crate::setting;

/// Histories in every run.
const SEEDS: u64 = 12;

#[tokio::test]
async fn s70_random_histories_answer_as_the_model_does() {
    let number = |name| setting(name).and_then(|text| text.parse::<u64>().ok());
    let steps = number("DAYPASS_SIM_STEPS").and_then(|steps| usize::try_from(steps).ok());
    let steps = steps.unwrap_or(sim::STEPS);
    let seeds = match number("DAYPASS_SIM_SEED") {
        Some(seed) => seed..=seed,
        None => 1..=number("DAYPASS_SIM_SEEDS").unwrap_or(SEEDS),
    };
    for seed in seeds {
        if let Err(why) = sim::play(seed, steps).await {
            panic!("{why}");
        }
    }
}
