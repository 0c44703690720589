//! Written by build.rs from generated/migrations. Read it in review; do not edit it.
use planwright::bundle::{Bundle, Class, Migration, Mode, Version};
/// Every migration of this project, in order.
pub static BUNDLE: Bundle = Bundle {
    name: "planwright",
    head: "0001 f6abfe9b169b8a06aedfc2b7597cd8b615a30b594b76ec36bb2fb8b8aafdfc4f",
    lock: include_str!("schema.lock"),
    migrations: &[
        Migration {
            number: 1,
            name: "add_migration",
            class: Class::Additive,
            version: Version { major: 1, patch: 0 },
            mode: Mode::Transaction,
            checksum: "ec71ca7a8dd7daf93a30ea52303f3b12f3583edc303bac74d455c35079eab48b",
            up: include_str!("migrations/0001_add_migration.up.sql"),
            down_mode: Mode::Transaction,
            down_checksum: "f5555c25c9db11b5dabc8e172eb42978aa6686eb4490c472c3420a78e5a7e92c",
            down: include_str!("migrations/0001_add_migration.down.sql"),
            irreversible: None,
        },
    ],
    broken: None,
};
