//! The waist, the records, the embedded and memory stores.
