//! The AWS SDK for Rust makes the whole journey of a developer authenticated identity.
//!
//! An operator sets up a pool, a role and a bucket; a backend that may do one thing asks for
//! tokens; a client turns its token into credentials and reaches its own folder and no other.
//! Unmodified crates, pointed at the server by `AWS_ENDPOINT_URL`; a workspace of its own, so that
//! their lock and their compile time stay out of the product's.
//!
//! **Source**: Cognito identity API reference; IAM policy variables; S3 per-user folder policies.

mod flows;
mod objects;
mod setting;
mod world;

use world::{Outcome, World};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let world = World::from_environment()?;
    let setting = setting::set_up(&world).await?;
    let (ana, ben) = flows::mint_tokens(&world, &setting).await?;
    let keys = flows::enhanced(&world, &setting, &ana, &ben).await?;
    objects::reach(&world, &keys, &ana.identity, &ben.identity).await?;
    let keys = flows::basic(&world, &setting, &ana).await?;
    objects::reach(&world, &keys, &ana.identity, &ben.identity).await?;
    setting::clear_away(&world, &setting).await?;
    println!(
        "the journey holds with the SDK for Rust at {}",
        world.endpoint
    );
    Ok(())
}
