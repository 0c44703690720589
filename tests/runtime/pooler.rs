//! What PgBouncer does in transaction mode, as far as a client can see: each transaction runs in
//! another session of the server.

use postgres::{Client, NoTls};
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    thread,
};

pub struct Pooler {
    port: u16,
}

impl Pooler {
    /// Serves one client.
    pub fn start(server: PathBuf) -> Pooler {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || serve(listener.accept().unwrap().0, server));
        Pooler { port }
    }

    pub fn client(&self, database: &str) -> Client {
        let mut config = postgres::Config::new();
        config.host("127.0.0.1").port(self.port).user("postgres").dbname(database);
        config.ssl_mode(postgres::config::SslMode::Disable).connect(NoTls).unwrap()
    }
}

fn serve(mut client: TcpStream, server: PathBuf) {
    let startup = packet(&mut client, 0).unwrap();
    let mut sessions: Vec<UnixStream> = (0..2)
        .map(|_| {
            let mut session = UnixStream::connect(&server).unwrap();
            session.write_all(&startup).unwrap();
            session
        })
        .collect();
    answer(&mut sessions[0], &mut client);
    answer(&mut sessions[1], &mut std::io::sink());
    let mut turn = 0;
    while let Some(message) = packet(&mut client, 1) {
        sessions[turn].write_all(&message).unwrap();
        // Query, Sync and nothing else is answered to the end.
        if matches!(message[0], b'Q' | b'S') && answer(&mut sessions[turn], &mut client) == b'I' {
            turn = 1 - turn;
        }
    }
}

/// Passes messages on up to ReadyForQuery, and gives its transaction status.
fn answer(session: &mut UnixStream, client: &mut impl Write) -> u8 {
    loop {
        let message = packet(session, 1).expect("the server answers");
        client.write_all(&message).unwrap();
        if message[0] == b'Z' {
            return message[5];
        }
    }
}

/// One message: its type byte, unless it is the first of a connection, its length, its content.
fn packet(from: &mut impl Read, type_bytes: usize) -> Option<Vec<u8>> {
    let mut message = vec![0; type_bytes + 4];
    from.read_exact(&mut message).ok()?;
    let length = u32::from_be_bytes(message[type_bytes..].try_into().unwrap()) as usize;
    message.resize(type_bytes + length, 0);
    from.read_exact(&mut message[type_bytes + 4..]).ok()?;
    Some(message)
}
