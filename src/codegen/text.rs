//! A folder as Rust text.
//!
//! Apart from reading and writing, because it is a pure function: no time, no absolute path, no order
//! but that of the numbers.

use super::{Error, Folder, Pair};
use crate::bundle::{Class, Mode};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The text of `generated/migrations.rs`.
pub fn bundle(folder: &Folder) -> String {
    let Folder { name, head, .. } = folder;
    let lock = match folder.lock {
        Some(_) => quote!(include_str!("schema.lock")),
        None => quote!(""),
    };
    let migrations = folder.pairs.iter().map(migration);
    let names = match folder.pairs.is_empty() {
        true => quote!(Bundle),
        false => quote!(Bundle, Class, Migration, Mode, Version),
    };
    print(quote! {
        #![doc = " Written by build.rs from generated/migrations. Read it in review; do not edit it."]

        use planwright::bundle::{#names};

        /// Every migration of this project, in order.
        pub static BUNDLE: Bundle = Bundle {
            name: #name,
            head: #head,
            lock: #lock,
            migrations: &[#(#migrations),*],
            broken: None,
        };
    })
}

/// The text of `generated/migrations.rs` when there is no bundle.
pub fn broken(name: &str, error: &Error) -> String {
    let why = error.to_string();
    let refusal = format!("the migrations of `{name}` cannot be embedded\n{why}");
    print(quote! {
        #![doc = " Written by build.rs, which found generated/migrations broken. Run `cargo build` once they are mended."]

        use planwright::bundle::Bundle;

        #[cfg(not(debug_assertions))]
        compile_error!(#refusal);

        /// No bundle: the runtime refuses it.
        pub static BUNDLE: Bundle =
            Bundle { name: #name, head: "broken", lock: "", migrations: &[], broken: Some(#why) };
    })
}

fn migration(pair: &Pair) -> TokenStream {
    let Pair { name, checksum, down_checksum, .. } = pair;
    let [number, major, patch] =
        [pair.number, pair.header.version.major, pair.header.version.patch].map(Literal::u32_unsuffixed);
    let class = match pair.header.class {
        Class::Additive => quote!(Additive),
        Class::DataDependent => quote!(DataDependent),
        Class::Breaking => quote!(Breaking),
    };
    let [mode, down_mode] = [pair.header.mode, pair.down_header.mode].map(|mode| match mode {
        Mode::Transaction => quote!(Transaction),
        Mode::None => quote!(None),
    });
    let [up, down] = ["up", "down"].map(|half| format!("migrations/{}.{half}.sql", pair.stem()));
    let irreversible = match &pair.down_header.irreversible {
        Some(why) => quote!(Some(#why)),
        None => quote!(None),
    };
    quote! {
        Migration {
            number: #number,
            name: #name,
            class: Class::#class,
            version: Version { major: #major, patch: #patch },
            mode: Mode::#mode,
            checksum: #checksum,
            up: include_str!(#up),
            down_mode: Mode::#down_mode,
            down_checksum: #down_checksum,
            down: include_str!(#down),
            irreversible: #irreversible,
        }
    }
}

fn print(tokens: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens).expect("the generated text is a Rust file"))
}
