//! Written by build.rs from generated/migrations. Read it in review; do not edit it.
use planwright::bundle::{Bundle, Class, Migration, Mode, Version};
/// Every migration of this project, in order.
pub static BUNDLE: Bundle = Bundle {
    name: "planwright",
    head: "0002 6029c970941a4857531e970a62dc1ce7ae0e62d6ac8795b876e07de0b2b3bae3",
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
        Migration {
            number: 2,
            name: "widen_migration_class",
            class: Class::DataDependent,
            version: Version { major: 1, patch: 1 },
            mode: Mode::Transaction,
            checksum: "3727e0e58c0072a04b2591533731731254a67d7055f482e8df671643d97bf6d0",
            up: include_str!("migrations/0002_widen_migration_class.up.sql"),
            down_mode: Mode::Transaction,
            down_checksum: "d68b642d8bcc69234a331e4b6621a1767a3a39cf7cd9cdb56e5c9a31a676b946",
            down: include_str!("migrations/0002_widen_migration_class.down.sql"),
            irreversible: None,
        },
    ],
    broken: None,
};
