//! Written by build.rs from generated/migrations. Read it in review; do not edit it.
use planwright::bundle::{Bundle, Class, Migration, Mode, Version};
/// Every migration of this project, in order.
pub static BUNDLE: Bundle = Bundle {
    name: "planwright",
    head: "0001 b7b7a46b87eea357f38877421dd617bb4e811857b6bc967c6e2b7b8624d905f9",
    lock: "",
    migrations: &[
        Migration {
            number: 1,
            name: "add_migration",
            class: Class::Additive,
            version: Version { major: 1, patch: 0 },
            mode: Mode::Transaction,
            checksum: "7f3c92532c56673218cbadfdbdd56f89bc6d08f81d8c60770e515404558e0da9",
            up: include_str!("migrations/0001_add_migration.up.sql"),
            down_mode: Mode::Transaction,
            down_checksum: "8346a319578d3bd53e0c8872fcf05664c6911c7cd032a35d0408c2b933ffa52d",
            down: include_str!("migrations/0001_add_migration.down.sql"),
            irreversible: None,
        },
    ],
    broken: None,
};
