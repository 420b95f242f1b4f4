//! Many transactions at once must come out as if they had run one after another.
//!
//! Whoever meets a conflict runs its whole transaction again, as an operation does.

use super::{ATTEMPTS_MAX, Broken, Case};
use crate::{Key, Range, Store, StoreError};
use std::future::Future;
use std::sync::Arc;
use tokio::sync::Barrier;

const WRITERS: usize = 8;
const INCREMENTS: usize = 25;
const ROUNDS: usize = 10;

pub(super) async fn run(store: &Arc<dyn Store>) -> Result<(), Broken> {
    no_increment_is_lost(store).await?;
    no_two_leave_together(store).await?;
    one_claim_wins(store).await?;
    a_reader_never_sees_half(store).await
}

/// Runs `tasks` at once, none before all are ready, and gives their answers.
async fn together<T, A>(
    case: Case,
    tasks: impl ExactSizeIterator<Item = A>,
) -> Result<Vec<T>, Broken>
where
    T: Send + 'static,
    A: Future<Output = Result<T, StoreError>> + Send + 'static,
{
    let start = Arc::new(Barrier::new(tasks.len()));
    let at_start = |task: A| {
        let start = Arc::clone(&start);
        async move {
            start.wait().await;
            task.await
        }
    };
    let handles: Vec<_> = tasks.map(at_start).map(tokio::spawn).collect();
    let mut answers = Vec::new();
    for handle in handles {
        let answer = handle
            .await
            .map_err(|error| case.stopped(error.to_string()))?;
        answers.push(case.ok(answer)?);
    }
    Ok(answers)
}

/// Runs an attempt again for as long as it meets conflicts; they may show on any of its calls.
async fn until_decided<T, A>(attempt: impl Fn() -> A) -> Result<T, StoreError>
where
    A: Future<Output = Result<T, StoreError>>,
{
    for _ in 0..ATTEMPTS_MAX {
        match attempt().await {
            Err(StoreError::Conflict) => tokio::task::yield_now().await,
            decided => return decided,
        }
    }
    Err(StoreError::Conflict)
}

/// Between what is read and what is written, so that every other writer gets its chance to err.
async fn let_others_in() {
    for _ in 0..WRITERS {
        tokio::task::yield_now().await;
    }
}

async fn no_increment_is_lost(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("no increment is lost");
    case.clear(store).await?;
    let key = case.key(&["count"]);
    together(
        case,
        (0..WRITERS).map(|_| increments(Arc::clone(store), key.clone())),
    )
    .await?;
    let wanted = (WRITERS * INCREMENTS).to_string();
    case.same("the count", &case.now(store, &key).await?, &Some(wanted))
}

async fn increments(store: Arc<dyn Store>, key: Key) -> Result<(), StoreError> {
    for _ in 0..INCREMENTS {
        until_decided(|| increment(&store, &key)).await?;
    }
    Ok(())
}

async fn increment(store: &Arc<dyn Store>, key: &Key) -> Result<(), StoreError> {
    let mut tx = store.write().await?;
    let count = tx
        .get(key)
        .await?
        .and_then(|text| text.parse().ok())
        .unwrap_or(0_usize);
    let_others_in().await;
    tx.put(key, (count + 1).to_string()).await?;
    tx.commit().await
}

/// Two on duty, each may leave while the other stays: what one reads, the other writes.
async fn no_two_leave_together(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("no two leave together");
    let (one, two) = (case.key(&["one"]), case.key(&["two"]));
    for _ in 0..ROUNDS {
        case.clear(store).await?;
        case.put_all(store, &[(one.clone(), "on"), (two.clone(), "on")])
            .await?;
        let pairs = [(one.clone(), two.clone()), (two.clone(), one.clone())].into_iter();
        let leaves = pairs.map(|(own, other)| {
            let store = Arc::clone(store);
            async move { until_decided(|| leave(&store, &own, &other)).await }
        });
        let left = together(case, leaves).await?;
        case.same(
            "how many left",
            &left.into_iter().filter(|left| *left).count(),
            &1,
        )?;
    }
    Ok(())
}

async fn leave(store: &Arc<dyn Store>, own: &Key, other: &Key) -> Result<bool, StoreError> {
    let mut tx = store.write().await?;
    let leaves = tx.get(other).await?.as_deref() == Some("on");
    let_others_in().await;
    if leaves {
        tx.put(own, "off".to_owned()).await?;
    }
    tx.commit().await?;
    Ok(leaves)
}

/// Each looks for a claim by scanning, and makes one if there is none.
async fn one_claim_wins(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("one claim wins");
    for _ in 0..ROUNDS {
        case.clear(store).await?;
        let claims = (0..WRITERS).map(|number| {
            let (store, all) = (Arc::clone(store), case.key(&[]));
            let own = case.key(&[&number.to_string()]);
            async move { until_decided(|| claim(&store, &all, &own)).await }
        });
        let winners = together(case, claims).await?;
        let mut tx = case.read(store).await?;
        let rows = case.ok(tx.scan(&Range::prefix(&case.key(&[]), 99)).await)?;
        let claimed: Vec<Key> = rows.into_iter().map(|(key, _)| key).collect();
        case.same("how many claims stand", &claimed.len(), &1)?;
        for winner in winners {
            case.same("the claim each was told of", &vec![winner], &claimed)?;
        }
    }
    Ok(())
}

async fn claim(store: &Arc<dyn Store>, all: &Key, own: &Key) -> Result<Key, StoreError> {
    let mut tx = store.write().await?;
    let first = tx.scan(&Range::prefix(all, 1)).await?.into_iter().next();
    let_others_in().await;
    if first.is_none() {
        tx.put(own, "{}".to_owned()).await?;
    }
    tx.commit().await?;
    Ok(first.map_or_else(|| own.clone(), |(key, _)| key))
}

/// Writers set two keys to one value; readers must always find them equal.
async fn a_reader_never_sees_half(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("a reader never sees half");
    case.clear(store).await?;
    let pair = [case.key(&["left"]), case.key(&["right"])];
    let writer = tokio::spawn(set_both(Arc::clone(store), pair.clone()));
    while !writer.is_finished() {
        let [left, right] = &pair;
        let mut tx = case.read(store).await?;
        let left = case.ok(tx.get(left).await)?;
        tokio::task::yield_now().await;
        case.same("the two halves", &left, &case.ok(tx.get(right).await)?)?;
    }
    case.ok(writer
        .await
        .map_err(|error| case.stopped(error.to_string()))?)
}

async fn set_both(store: Arc<dyn Store>, pair: [Key; 2]) -> Result<(), StoreError> {
    for round in 0..INCREMENTS {
        until_decided(|| set(&store, &pair, round.to_string())).await?;
    }
    Ok(())
}

async fn set(store: &Arc<dyn Store>, pair: &[Key; 2], value: String) -> Result<(), StoreError> {
    let mut tx = store.write().await?;
    for key in pair {
        tx.put(key, value.clone()).await?;
    }
    tx.commit().await
}
