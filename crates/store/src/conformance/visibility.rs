//! What one transaction sees, and what others see of it; order, ranges, sizes and odd text.

use super::{Broken, Case};
use crate::{KEY_BYTES_MAX, Key, Range, Store, StoreError, VALUE_BYTES_MAX};
use std::sync::Arc;

pub(super) async fn run(store: &Arc<dyn Store>) -> Result<(), Broken> {
    own_changes_are_seen(store).await?;
    dropped_means_nothing_happened(store).await?;
    a_read_transaction_does_not_write(store).await?;
    a_snapshot_stays(store).await?;
    undecided_changes_are_unseen(store).await?;
    scans_go_in_order(store).await?;
    scans_keep_to_their_range(store).await?;
    scans_see_own_changes(store).await?;
    odd_text_comes_back(store).await?;
    sizes_have_a_limit(store).await
}

async fn own_changes_are_seen(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("own changes are seen");
    case.clear(store).await?;
    let (a, b) = (case.key(&["a"]), case.key(&["b"]));
    case.put_all(store, &[(a.clone(), "1")]).await?;
    let mut tx = case.write(store).await?;
    case.ok(tx.put(&a, "2".to_owned()).await)?;
    case.same(
        "an own put",
        &case.ok(tx.get(&a).await)?,
        &Some("2".to_owned()),
    )?;
    case.ok(tx.delete(&a).await)?;
    case.same("an own delete", &case.ok(tx.get(&a).await)?, &None)?;
    case.ok(tx.delete(&b).await)?;
    case.ok(tx.put(&b, "3".to_owned()).await)?;
    case.same(
        "a put after a delete",
        &case.ok(tx.get(&b).await)?,
        &Some("3".to_owned()),
    )
}

async fn dropped_means_nothing_happened(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("dropped means nothing happened");
    case.clear(store).await?;
    let (a, b) = (case.key(&["a"]), case.key(&["b"]));
    case.put_all(store, &[(a.clone(), "1")]).await?;
    let mut tx = case.write(store).await?;
    case.ok(tx.delete(&a).await)?;
    case.ok(tx.put(&b, "2".to_owned()).await)?;
    drop(tx);
    case.same(
        "the deleted",
        &case.now(store, &a).await?,
        &Some("1".to_owned()),
    )?;
    case.same("the put", &case.now(store, &b).await?, &None)?;
    let mut next = case.write(store).await?;
    case.same(
        "the next writer's view",
        &case.ok(next.get(&b).await)?,
        &None,
    )
}

async fn a_read_transaction_does_not_write(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("a read transaction does not write");
    let key = case.key(&["a"]);
    let read_only = |error: &StoreError| matches!(error, StoreError::ReadOnly);
    let mut tx = case.read(store).await?;
    case.refuses("a put", tx.put(&key, "1".to_owned()).await, read_only)?;
    case.refuses("a delete", tx.delete(&key).await, read_only)?;
    case.same("a get afterwards", &case.ok(tx.get(&key).await)?, &None)?;
    case.ok(tx.commit().await)
}

async fn a_snapshot_stays(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("a snapshot stays");
    case.clear(store).await?;
    let (a, b) = (case.key(&["a"]), case.key(&["b"]));
    case.put_all(store, &[(a.clone(), "1")]).await?;
    let mut before = case.read(store).await?;
    case.put_all(store, &[(a.clone(), "2"), (b.clone(), "2")])
        .await?;
    case.same(
        "the old value",
        &case.ok(before.get(&a).await)?,
        &Some("1".to_owned()),
    )?;
    case.same("what came later", &case.ok(before.get(&b).await)?, &None)?;
    let rows = case.ok(before.scan(&Range::prefix(&case.key(&[]), 9)).await)?;
    case.same("the old scan", &rows, &vec![(a.clone(), "1".to_owned())])?;
    case.same(
        "a new snapshot",
        &case.now(store, &a).await?,
        &Some("2".to_owned()),
    )
}

async fn undecided_changes_are_unseen(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("undecided changes are unseen");
    case.clear(store).await?;
    let a = case.key(&["a"]);
    case.put_all(store, &[(a.clone(), "1")]).await?;
    let mut tx = case.write(store).await?;
    case.ok(tx.put(&a, "2".to_owned()).await)?;
    case.same(
        "a reader meanwhile",
        &case.now(store, &a).await?,
        &Some("1".to_owned()),
    )
}

async fn scans_go_in_order(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("scans go in order");
    case.clear(store).await?;
    // Lists of parts in ascending order; a language's collation would disagree with most of them.
    let ascending: [&[&str]; 14] = [
        &[],
        &[""],
        &["", "a"],
        &["\u{1}"],
        &[" "],
        &["!"],
        &["-"],
        &["A"],
        &["Z"],
        &["a"],
        &["a", "b"],
        &["a-b"],
        &["é"],
        &["\u{10ffff}"],
    ];
    let keys: Vec<Key> = ascending.iter().map(|parts| case.key(parts)).collect();
    let pairs: Vec<(Key, &str)> = keys.iter().rev().map(|key| (key.clone(), "{}")).collect();
    case.put_all(store, &pairs).await?;
    let mut tx = case.read(store).await?;
    let rows = case.ok(tx.scan(&Range::prefix(&case.key(&[]), 99)).await)?;
    case.same("all keys", &names(&rows), &keys)?;
    // The same walk in pages of three.
    let mut paged = Vec::new();
    let mut range = Range::prefix(&case.key(&[]), 3);
    loop {
        let rows = case.ok(tx.scan(&range).await)?;
        let Some((last, _)) = rows.last() else { break };
        range = range.after(last);
        paged.extend(names(&rows));
    }
    case.same("keys page by page", &paged, &keys)
}

async fn scans_keep_to_their_range(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("scans keep to their range");
    case.clear(store).await?;
    let inside: [&[&str]; 4] = [
        &["pool"],
        &["pool", "a"],
        &["pool", "a/b"],
        &["pool", "a/c", "v"],
    ];
    let outside: [&[&str]; 4] = [&["poo"], &["pool!"], &["pool2"], &["pool2", "a"]];
    let pairs: Vec<(Key, &str)> = inside
        .iter()
        .chain(&outside)
        .map(|parts| (case.key(parts), "{}"))
        .collect();
    case.put_all(store, &pairs).await?;
    let own: [&str; 3] = ["conformance", case.0, "pool"];
    let ranges: [(&str, Range, &[&[&str]]); 7] = [
        (
            "a prefix of whole parts",
            Range::prefix(&case.key(&["pool"]), 9),
            &inside,
        ),
        (
            "no rows wanted",
            Range::prefix(&case.key(&["pool"]), 0),
            &[],
        ),
        (
            "the first two",
            Range::prefix(&case.key(&["pool"]), 2),
            &inside[..2],
        ),
        (
            "after a key",
            Range::prefix(&case.key(&["pool"]), 9).after(&case.key(&["pool", "a"])),
            &inside[2..],
        ),
        (
            "a prefix of text",
            Range::text_prefix(&own, "a/", 9),
            &inside[2..],
        ),
        (
            "after a group",
            Range::text_prefix(&own, "", 9).after_text_prefix(&own, "a/b"),
            &inside[3..],
        ),
        (
            "nothing there",
            Range::prefix(&case.key(&["nobody"]), 9),
            &[],
        ),
    ];
    let mut tx = case.read(store).await?;
    for (what, range, wanted) in ranges {
        let wanted: Vec<Key> = wanted.iter().map(|parts| case.key(parts)).collect();
        case.same(what, &names(&case.ok(tx.scan(&range).await)?), &wanted)?;
    }
    Ok(())
}

async fn scans_see_own_changes(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("scans see own changes");
    case.clear(store).await?;
    let key = |name| case.key(&[name]);
    let stored = ["b", "d", "f", "h"].map(|name| (key(name), "old"));
    case.put_all(store, &stored).await?;
    let mut tx = case.write(store).await?;
    case.ok(tx.delete(&key("b")).await)?;
    case.ok(tx.put(&key("a"), "new".to_owned()).await)?;
    case.ok(tx.put(&key("d"), "new".to_owned()).await)?;
    case.ok(tx.put(&key("z"), "new".to_owned()).await)?;
    let all = Range::prefix(&case.key(&[]), 3);
    let wanted = [("a", "new"), ("d", "new"), ("f", "old")];
    let pairs = |list: &[(&'static str, &str)]| -> Vec<(Key, String)> {
        list.iter()
            .map(|(name, value)| (key(name), (*value).to_owned()))
            .collect()
    };
    case.same(
        "the first three",
        &case.ok(tx.scan(&all).await)?,
        &pairs(&wanted),
    )?;
    let rest = all.after(&key("f"));
    let wanted = [("h", "old"), ("z", "new")];
    case.same("the rest", &case.ok(tx.scan(&rest).await)?, &pairs(&wanted))
}

async fn odd_text_comes_back(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("odd text comes back");
    case.clear(store).await?;
    let texts = [
        "",
        " ",
        "root",
        "'; drop table records; --",
        "%_\\",
        "e\u{301}",
        "\u{e9}",
        "🐚\n\t",
    ];
    let pairs: Vec<(Key, &str)> = texts
        .iter()
        .map(|text| (case.key(&[text]), *text))
        .collect();
    case.put_all(store, &pairs).await?;
    for (key, value) in &pairs {
        case.same(
            "a value",
            &case.now(store, key).await?,
            &Some((*value).to_owned()),
        )?;
    }
    let nul = case.key(&["a\u{0}b"]);
    case.put_all(store, &[(nul.clone(), "{}")]).await?;
    case.same(
        "a name with a zero byte",
        &case.now(store, &nul).await?,
        &Some("{}".to_owned()),
    )
}

async fn sizes_have_a_limit(store: &Arc<dyn Store>) -> Result<(), Broken> {
    let case = Case("sizes have a limit");
    case.clear(store).await?;
    let room = KEY_BYTES_MAX - case.key(&[""]).as_str().len() + 1;
    let (longest, longer) = ("k".repeat(room), "k".repeat(room + 1));
    let (longest, longer) = (case.key(&[&longest]), case.key(&[&longer]));
    let (largest, larger) = ("v".repeat(VALUE_BYTES_MAX), "v".repeat(VALUE_BYTES_MAX + 1));
    case.put_all(store, &[(longest.clone(), &largest)]).await?;
    case.same(
        "the largest value",
        &case.now(store, &longest).await?,
        &Some(largest),
    )?;
    let too_large = |error: &StoreError| matches!(error, StoreError::TooLarge { .. });
    let mut tx = case.write(store).await?;
    case.refuses(
        "a longer key",
        tx.put(&longer, "{}".to_owned()).await,
        too_large,
    )?;
    case.refuses("a larger value", tx.put(&longest, larger).await, too_large)?;
    drop(tx);
    case.clear(store).await
}

fn names(rows: &[(Key, String)]) -> Vec<Key> {
    rows.iter().map(|(key, _)| key.clone()).collect()
}
