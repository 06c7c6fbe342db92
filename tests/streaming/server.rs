//! A server on loopback with a thread per connection. Tests control how many bytes it reads and writes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A running server. Its threads end with the process.
pub struct Server {
    url: String,
    requests: Arc<Mutex<Vec<Head>>>,
}

/// The head of a request.
#[derive(Debug, Clone)]
pub struct Head {
    headers: Vec<(String, String)>,
}

impl Head {
    /// Returns the value of a header. `name` must be in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the `Content-Length`.
    pub fn length(&self) -> u64 {
        self.header("content-length").unwrap().parse().unwrap()
    }
}

/// A request whose head has been read, and its connection.
pub struct Exchange {
    pub head: Head,
    /// The number of requests that the server received before this one.
    pub earlier: usize,
    reader: BufReader<TcpStream>,
}

impl Server {
    /// Starts a server that handles each request with this function, and closes the connection after one request.
    pub fn start(serve: impl Fn(&mut Exchange) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, serve) = (Arc::clone(&requests), Arc::new(serve));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, serve) = (Arc::clone(&seen), Arc::clone(&serve));
                thread::spawn(move || {
                    let mut reader = BufReader::with_capacity(256 * 1024, stream.unwrap());
                    let Some(head) = head(&mut reader) else { return };
                    let earlier = {
                        let mut seen = seen.lock().unwrap();
                        seen.push(head.clone());
                        seen.len() - 1
                    };
                    serve(&mut Exchange { head, earlier, reader });
                });
            }
        });
        Self { url, requests }
    }

    /// Returns the URL for a client's `base_url`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the heads of all requests so far.
    pub fn requests(&self) -> Vec<Head> {
        self.requests.lock().unwrap().clone()
    }
}

fn head(reader: &mut impl BufRead) -> Option<Head> {
    let mut line = || {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        Some(line.trim_end().to_owned())
    };
    line()?;
    let mut headers = Vec::new();
    loop {
        let line = line()?;
        let Some((name, value)) = line.split_once(':') else { return Some(Head { headers }) };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

impl Exchange {
    /// Reads up to this many bytes of the body. Returns the number of bytes read, which is smaller if the client
    /// disconnected.
    pub fn read(&mut self, length: u64) -> u64 {
        self.read_with(length, |_| {})
    }

    /// Like [`read`](Self::read), and calls a function with each block.
    pub fn read_with(&mut self, length: u64, mut look: impl FnMut(&[u8])) -> u64 {
        let mut left = length;
        while left > 0 {
            let block = match self.reader.fill_buf() {
                Ok(block) if !block.is_empty() => block,
                // The client has closed or reset the connection.
                _ => break,
            };
            let block = &block[..block.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
            look(block);
            let read = block.len();
            left -= read as u64;
            self.reader.consume(read);
        }
        length - left
    }

    /// Reads the complete body of a request with a `Content-Length`.
    pub fn read_all(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        self.read_with(self.head.length(), |block| body.extend_from_slice(block));
        body
    }

    /// Reads a chunked body. Returns the body as received, with the sizes of its chunks, up to the last chunk or the
    /// end of the connection.
    pub fn read_chunks(&mut self) -> String {
        let mut wire = Vec::new();
        while !wire.ends_with(b"0\r\n\r\n") {
            let mut byte = [0];
            if self.reader.read(&mut byte).unwrap_or(0) == 0 {
                break;
            }
            wire.extend_from_slice(&byte);
        }
        String::from_utf8(wire).unwrap()
    }

    /// Writes the head of a response with a body of this length.
    pub fn begin(&mut self, status: &str, media_type: &str, length: u64) {
        self.write(
            format!(
                "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            )
            .as_bytes(),
        )
        .unwrap();
    }

    /// Writes a complete response.
    pub fn respond(&mut self, status: &str, media_type: &str, body: &str) {
        self.begin(status, media_type, body.len() as u64);
        self.write(body.as_bytes()).unwrap();
    }

    /// Writes to the connection.
    pub fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream().write_all(bytes)
    }

    /// Returns the connection.
    pub fn stream(&mut self) -> &mut TcpStream {
        self.reader.get_mut()
    }
}
