// The peer: what a good team would write in an afternoon. The same lookup over the same table, and the same
// bytes and row made durable by one commit each, synchronous=FULL.
//   node server.mjs PORT DATABASE ROWS
import { createHash, randomBytes } from 'node:crypto'
import multipart from '@fastify/multipart'
import Database from 'better-sqlite3'
import Fastify from 'fastify'

const [port, file, rows] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])]
const db = new Database(file)
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec(`CREATE TABLE IF NOT EXISTS invoice (number TEXT NOT NULL, code TEXT NOT NULL, issue_date TEXT, total INTEGER, state TEXT, PRIMARY KEY (number, code)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS document (id BLOB PRIMARY KEY, reference TEXT, sha256 BLOB, bytes BLOB, time_ms INTEGER) WITHOUT ROWID;`)
const fill = db.prepare('INSERT OR IGNORE INTO invoice VALUES (?, ?, ?, ?, ?)')
db.transaction(() => {
  for (let i = 0; i < rows; i++) fill.run(`26112000000${String(i).padStart(9, '0')}`, '', '2026-01-15', 10600 + i, 'normal')
})()

const find = db.prepare('SELECT issue_date, total, state FROM invoice WHERE number = ? AND code = ?')
const keep = db.prepare('INSERT INTO document VALUES (?, ?, ?, ?, ?)')
let next = 1
let commits = 0

const app = Fastify({ bodyLimit: 8 << 20 })
app.post('/api/v1/verifications', (request, reply) => {
  const { number, code = '', issue_date, total } = request.body
  const row = find.get(number, code)
  const mismatch = row ? [row.issue_date !== issue_date && 'issue_date', (row.total / 100).toFixed(2) !== total && 'total'].filter(Boolean) : []
  reply.send({ result: row ? (mismatch.length ? 'mismatch' : 'match') : 'not_found', state: row?.state ?? '', basis: 'unsigned_file', conflict: false, mismatch })
})
await app.register(multipart, { limits: { fileSize: 8 << 20, files: 1 } })
app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => done(null, body))
app.post('/api/v1/documents', async (request, reply) => {
  // The form that a page or curl sends, or the bytes alone.
  const bytes = request.isMultipart() ? await (await request.file()).toBuffer() : request.body
  const sha256 = createHash('sha256').update(bytes).digest()
  const reference = `R-2026-${String(next++).padStart(6, '0')}`
  keep.run(randomBytes(16), reference, sha256, bytes, Date.now())
  commits++
  reply.code(201)
  return { reference, state: 'received', sha256: sha256.toString('hex') }
})
app.get('/commits', (request, reply) => reply.send({ commits }))
await app.listen({ port, host: '127.0.0.1' })
console.log('ready')
