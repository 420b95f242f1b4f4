//! The wire vectors of the repository, read from `vectors/wire/`.

use std::path::{Path, PathBuf};

use daypass_testkit::vector::{self, Case};

/// A file of vectors with its cases.
pub(crate) struct File {
    /// Its path below the repository.
    pub(crate) path: String,
    /// The face it is of: the folder below `vectors/wire`.
    pub(crate) face: String,
    /// Its cases.
    pub(crate) cases: Vec<Case>,
}

/// A place in the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// Every file under `vectors/wire`, in the order of their paths.
pub(crate) fn all() -> Vec<File> {
    let root = repository("vectors/wire");
    let mut files = Vec::new();
    collect(&root, &root, &mut files);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(!files.is_empty(), "no vectors under vectors/wire");
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
            continue;
        }
        let below = path.strip_prefix(root).unwrap().to_str().unwrap();
        let ending = path.extension().and_then(|ending| ending.to_str());
        assert_eq!(ending, Some("txt"), "{below}: vectors end in .txt");
        let text = std::fs::read_to_string(&path).unwrap();
        let cases = vector::parse(&text).unwrap_or_else(|error| panic!("{below}: {error}"));
        let mut folders = below.split('/');
        let face = folders.next().unwrap_or_default().to_owned();
        let folder = folders.next().unwrap_or_default();
        let file = File {
            path: format!("vectors/wire/{below}"),
            face,
            cases,
        };
        let operation = &file.cases[0].operation;
        assert_eq!(operation, folder, "{below}: `operation:` is its folder");
        files.push(file);
    }
}
