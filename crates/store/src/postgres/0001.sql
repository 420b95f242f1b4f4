-- Schema 1: the map, and which commits took place.
-- Keys compare bytewise, as the embedded store's do.

create table if not exists daypass_records (
    key text collate "C" primary key,
    value text not null
);

-- The number of the last transaction that each connection committed. `closed` forbids further
-- ones, so that whoever lost a connection during a commit can learn how it ended.
create table if not exists daypass_commits (
    connection text primary key,
    number bigint not null,
    closed boolean not null default false,
    at timestamptz not null default now()
);
