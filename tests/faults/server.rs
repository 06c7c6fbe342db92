//! A server on loopback that runs scripted steps for each connection and request. Steps control each written byte and
//! how a connection ends. The server counts connections and requests.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;

/// An action that a test tells the server to take on a connection, e.g. to send bytes or to close it.
#[derive(Debug, Clone)]
pub enum Step {
    /// Writes this string.
    Write(String),
    /// Writes these bytes.
    WriteBytes(Vec<u8>),
    /// Waits until data arrives, and does not read the data.
    Arrival,
    /// Writes this string repeatedly until the client disconnects.
    Forever(String),
    /// Writes this string repeatedly, with a delay after each write, until the client disconnects.
    Drip(String, Duration),
    /// Does nothing more, and keeps the connection open.
    Stall,
    /// Closes the connection gracefully, and waits until the client closes it too.
    Close,
    /// Resets the connection.
    Reset,
}

/// A completely received request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The number of requests before this one.
    pub number: usize,
    /// The number of the connection, counted from 0.
    pub connection: usize,
    pub method: String,
    pub target: String,
    pub body: String,
}

/// The behaviour of the server.
pub trait Script: Send + Sync + 'static {
    /// Returns the steps to run on a new connection, before a request is read.
    fn accepted(&self) -> Vec<Step> {
        Vec::new()
    }

    /// Returns the steps to run after a request. Then the next request is read.
    fn respond(&self, request: &Request) -> Vec<Step>;
}

impl<F: Fn(&Request) -> Vec<Step> + Send + Sync + 'static> Script for F {
    fn respond(&self, request: &Request) -> Vec<Step> {
        self(request)
    }
}

/// A running server. It stops when its Tokio runtime stops.
pub struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Log>>,
    end: Arc<Notify>,
}

#[derive(Default)]
struct Log {
    connections: usize,
    over: usize,
    requests: usize,
}

impl Server {
    pub async fn start(script: impl Script) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Log::default()));
        let end = Arc::new(Notify::new());
        tokio::spawn(accept(listener, Arc::new(script), Arc::clone(&log), Arc::clone(&end)));
        Self { address, log, end }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the number of completely received requests.
    pub fn requests(&self) -> usize {
        self.log.lock().unwrap().requests
    }

    /// Waits until this many connections have ended. A connection that the server closes gracefully ends when the
    /// client has closed it too.
    pub async fn wait_for_ended_connections(&self, number: usize) {
        while self.log.lock().unwrap().over < number {
            self.end.notified().await;
        }
    }

    /// Returns the number of connections accepted so far.
    pub fn connections(&self) -> usize {
        self.log.lock().unwrap().connections
    }
}

/// Returns an address of this host that refuses connections. No program can listen on it as long as the returned socket
/// exists.
pub fn closed() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

async fn accept(listener: TcpListener, script: Arc<impl Script>, log: Arc<Mutex<Log>>, end: Arc<Notify>) {
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).unwrap();
        let connection = {
            let mut log = log.lock().unwrap();
            log.connections += 1;
            log.connections - 1
        };
        let (script, log, end) = (Arc::clone(&script), Arc::clone(&log), Arc::clone(&end));
        tokio::spawn(async move {
            // `serve` returns `None` when either side ends the connection.
            let _ = serve(stream, connection, script, &log).await;
            log.lock().unwrap().over += 1;
            end.notify_one();
        });
    }
}

async fn serve(mut stream: TcpStream, connection: usize, script: Arc<impl Script>, log: &Mutex<Log>) -> Option<()> {
    run_steps(&mut stream, script.accepted()).await?;
    let mut read = Vec::new();
    loop {
        let mut request = next_request(&mut stream, &mut read).await?;
        request.connection = connection;
        {
            let mut log = log.lock().unwrap();
            request.number = log.requests;
            log.requests += 1;
        }
        run_steps(&mut stream, script.respond(&request)).await?;
    }
}

/// Reads the head of a request, and the body according to `Content-Length`.
async fn next_request(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<Request> {
    let head = loop {
        if let Some(end) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break read.drain(..end + 4).collect::<Vec<_>>();
        }
        if stream.read_buf(read).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
    });
    let length: usize = length.unwrap_or(0);
    while read.len() < length {
        if stream.read_buf(read).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8(read.drain(..length).collect()).unwrap();
    let mut line = head.split_whitespace();
    let (method, target) = (line.next().unwrap().to_owned(), line.next().unwrap().to_owned());
    Some(Request { number: 0, connection: 0, method, target, body })
}

async fn run_steps(stream: &mut TcpStream, steps: Vec<Step>) -> Option<()> {
    for step in steps {
        match step {
            Step::Write(text) => stream.write_all(text.as_bytes()).await.ok()?,
            Step::WriteBytes(bytes) => stream.write_all(&bytes).await.ok()?,
            Step::Arrival => drop(stream.peek(&mut [0]).await.ok()?),
            Step::Forever(text) => {
                let text = text.repeat(1 + 8192 / text.len());
                loop {
                    stream.write_all(text.as_bytes()).await.ok()?;
                }
            }
            Step::Drip(text, wait) => loop {
                stream.write_all(text.as_bytes()).await.ok()?;
                tokio::time::sleep(wait).await;
            },
            Step::Stall => {
                // The client has disconnected if reading fails or reaches the end.
                let mut sink = [0; 1024];
                while stream.read(&mut sink).await.ok()? > 0 {}
                return None;
            }
            Step::Close => {
                stream.shutdown().await.ok()?;
                while stream.read(&mut [0; 1024]).await.ok()? > 0 {}
                return None;
            }
            Step::Reset => {
                let _ = stream.set_zero_linger();
                return None;
            }
        }
    }
    Some(())
}
