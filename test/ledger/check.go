// check.go: an independent checker of our ledger. Trees, proofs and notes are those of golang.org/x/mod/sumdb, so that nothing of
// what is checked here was written by us but the reading of the files (docs/formats/ledger.md).
//
//	check --folder DIR --vkeys FILE [--mutate N --seed S] PROOF|FOLDER…
//
// DIR lies in C2SP's static layout. Its tiles are recomputed from its entries, its checkpoints opened and compared with the tree,
// the steps in DIR/consistency checked. Then every proof. Prints "N accepted, M rejected"; with --mutate another such line for
// proofs with one bit changed, of which none may be accepted. Exit code 1 when anything is not as it should be.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	leafSize    = 154
	saltSize    = 32
	openingHead = "fapiao/opening/v1\n"
	proofHead   = "c2sp.org/tlog-proof@v1"
)

var strict = base64.StdEncoding.Strict()

// cosigner verifies signatures of type 04, which x/mod does not know.
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.id }
func (c cosigner) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(c.key, append([]byte(head), text...), sig[8:])
}

type keys struct {
	all    []note.Verifier // the log's first
	origin string          // its name
}

func readKeys(path string) (keys, error) {
	var k keys
	text, err := os.ReadFile(path)
	if err != nil {
		return k, err
	}
	for _, line := range strings.Fields(string(text)) {
		parts := strings.SplitN(line, "+", 3)
		if len(parts) != 3 {
			return k, fmt.Errorf("no key: %q", line)
		}
		raw, err := strict.DecodeString(parts[2])
		if err != nil || len(raw) < 33 {
			return k, fmt.Errorf("no key: %q", line)
		}
		switch {
		case raw[0] == 1:
			v, err := note.NewVerifier(line)
			if err != nil {
				return k, err
			}
			if k.origin == "" {
				k.origin = v.Name()
				k.all = append([]note.Verifier{v}, k.all...)
			} else {
				k.all = append(k.all, v)
			}
		case raw[0] == 4 && len(raw) == 33:
			sum := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
			id := binary.BigEndian.Uint32(sum[:])
			if fmt.Sprintf("%08x", id) != parts[1] {
				return k, fmt.Errorf("key %q has another id", line)
			}
			k.all = append(k.all, cosigner{parts[0], id, raw[1:]})
		}
	}
	if k.origin == "" {
		return k, errors.New("no key of a log")
	}
	return k, nil
}

type head struct {
	origin string
	size   int64
	root   tlog.Hash
	more   []string
}

// openHead opens a checkpoint: the log's key must hold, and any other key that has signed.
func openHead(k keys, text []byte) (head, error) {
	var h head
	n, err := note.Open(text, note.VerifierList(k.all...))
	if err != nil {
		return h, err
	}
	log := false
	for _, s := range n.Sigs {
		log = log || s.Name == k.origin
	}
	lines := strings.Split(n.Text, "\n")
	if !log || len(lines) < 4 || lines[len(lines)-1] != "" {
		return h, errors.New("no checkpoint of the log")
	}
	h.origin = lines[0]
	h.size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(h.size, 10) != lines[1] || h.size < 0 {
		return h, errors.New("no size")
	}
	h.root, err = parseHash(lines[2])
	h.more = lines[3 : len(lines)-1]
	return h, err
}

func parseHash(text string) (tlog.Hash, error) {
	var h tlog.Hash
	raw, err := strict.DecodeString(text)
	if err != nil || len(raw) != tlog.HashSize {
		return h, fmt.Errorf("no hash: %q", text)
	}
	copy(h[:], raw)
	return h, nil
}

type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(s)) {
			return nil, errors.New("no such hash")
		}
		out[i] = s[x]
	}
	return out, nil
}

// groups writes a tile's number as C2SP does, without x/mod's help.
func groups(n int64) string {
	text := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		text = fmt.Sprintf("x%03d/%s", n%1000, text)
	}
	return text
}

func tileName(level string, n, width int64) string {
	name := "tile/" + level + "/" + groups(n)
	if width < 256 {
		name += fmt.Sprintf(".p/%d", width)
	}
	return name
}

func readEntries(dir string, size int64) ([][]byte, error) {
	var entries [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		data, err := os.ReadFile(filepath.Join(dir, tileName("entries", n, width)))
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("bundle %d is cut off", n)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:end])
			data = data[end:]
		}
		if len(data) > 0 {
			return nil, fmt.Errorf("bundle %d is too long", n)
		}
	}
	return entries, nil
}

func checkTiles(dir string, s stored, size int64) (int, error) {
	count := 0
	for level := 0; size>>(8*level) > 0; level++ {
		all := size >> (8 * level)
		for n := int64(0); n*256 < all; n++ {
			width := all - n*256
			if width > 256 {
				width = 256
			}
			want, err := tlog.ReadTileData(tlog.Tile{H: 8, L: level, N: n, W: int(width)}, s)
			if err != nil {
				return count, err
			}
			name := tileName(strconv.Itoa(level), n, width)
			have, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				return count, err
			}
			if !bytes.Equal(have, want) {
				return count, fmt.Errorf("%s is not as recomputed", name)
			}
			count++
		}
	}
	return count, nil
}

// checkSteps: every checkpoint's root is the tree's at that size; every step between two is proved by our file.
func checkSteps(dir string, k keys, s stored) (int, error) {
	roots := map[int64]tlog.Hash{}
	heads, _ := filepath.Glob(filepath.Join(dir, "checkpoints", "*"))
	for _, path := range append(heads, filepath.Join(dir, "checkpoint")) {
		text, err := os.ReadFile(path)
		if err != nil {
			return 0, err
		}
		h, err := openHead(k, text)
		if err != nil {
			return 0, fmt.Errorf("%s: %v", path, err)
		}
		root, err := tlog.TreeHash(h.size, s)
		if err != nil || root != h.root || h.origin != k.origin {
			return 0, fmt.Errorf("%s is not a head of this tree (%v)", path, err)
		}
		if _, err := checkTiles(dir, s, h.size); err != nil {
			return 0, fmt.Errorf("%s: %v", path, err)
		}
		roots[h.size] = h.root
	}
	var sizes []int64
	for size := range roots {
		sizes = append(sizes, size)
	}
	sort.Slice(sizes, func(i, j int) bool { return sizes[i] < sizes[j] })
	for i := 1; i < len(sizes); i++ {
		old, size := sizes[i-1], sizes[i]
		var proof tlog.TreeProof
		text, err := os.ReadFile(filepath.Join(dir, "consistency", fmt.Sprintf("%d-%d", old, size)))
		if err != nil { // none was written: our own
			proof, err = tlog.ProveTree(size, old, s)
		}
		for _, line := range strings.Fields(string(text)) {
			h, err := parseHash(line)
			if err != nil {
				return 0, err
			}
			proof = append(proof, h)
		}
		if err != nil || tlog.CheckTree(proof, size, roots[size], old, roots[old]) != nil {
			return 0, fmt.Errorf("from %d to %d is no step (%v)", old, size, err)
		}
	}
	return len(sizes), nil
}

type proof struct {
	extra  []byte
	index  int64
	hashes tlog.RecordProof
	note   []byte
}

func parseProof(text []byte) (proof, error) {
	var p proof
	front, rest, ok := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(string(front), "\n")
	if !ok || len(lines) < 2 || lines[0] != proofHead {
		return p, errors.New("no proof")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		raw, err := strict.DecodeString(lines[0][6:])
		if err != nil {
			return p, err
		}
		p.extra = raw
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return p, errors.New("no index")
	}
	var err error
	p.index, err = strconv.ParseInt(lines[0][6:], 10, 64)
	if err != nil || "index "+strconv.FormatInt(p.index, 10) != lines[0] {
		return p, errors.New("no index")
	}
	for _, line := range lines[1:] {
		h, err := parseHash(line)
		if err != nil {
			return p, err
		}
		p.hashes = append(p.hashes, h)
	}
	p.note = rest
	return p, nil
}

// verify: the leaf in the opening lies under the signed head, commits to the event beside it, and is the log's entry there.
func verify(k keys, p proof, entries [][]byte) error {
	extra := p.extra
	if len(extra) < len(openingHead)+leafSize+1 || string(extra[:len(openingHead)]) != openingHead {
		return errors.New("no opening")
	}
	leaf, rest := extra[len(openingHead):len(openingHead)+leafSize], extra[len(openingHead)+leafSize:]
	h, err := openHead(k, p.note)
	if err != nil {
		return err
	}
	index := p.index
	if h.origin == k.origin+"/promise" && len(h.more) == 2 {
		first, err := strconv.ParseInt(strings.TrimPrefix(h.more[0], "first "), 10, 64)
		if err != nil || h.more[0] != fmt.Sprintf("first %d", first) || !strings.HasPrefix(h.more[1], "time ") {
			return errors.New("no promise")
		}
		index += first
	} else if h.origin != k.origin || len(h.more) != 0 {
		return errors.New("another log")
	}
	if p.index < 0 || p.index >= h.size {
		return errors.New("past the end")
	}
	if err := tlog.CheckRecord(p.hashes, h.size, h.root, p.index, tlog.RecordHash(leaf)); err != nil {
		return err
	}
	switch {
	case rest[0] == 0 && len(rest) == 1:
	case rest[0] == 1 && len(rest) > 1+saltSize:
		sum := sha256.Sum256(append([]byte("fapiao/commit/v1\n"), rest[1:]...))
		if !bytes.Equal(sum[:], leaf[90:122]) {
			return errors.New("another event")
		}
	default:
		return errors.New("no opening")
	}
	if entries != nil && (index >= int64(len(entries)) || !bytes.Equal(entries[index], leaf)) {
		return errors.New("the log has another entry there")
	}
	return nil
}

// flipSignature changes one bit of the log's own signature. It is changed decoded: x/mod does not mind the idle bits of base64.
func flipSignature(r *rand.Rand, text []byte, at int, k keys) []byte {
	lines := strings.SplitAfter(string(text[at:]), "\n")
	for i, line := range lines {
		parts := strings.Fields(line)
		if len(parts) != 3 || parts[1] != k.origin {
			continue
		}
		raw, err := strict.DecodeString(parts[2])
		if err != nil || len(raw) < 5 || binary.BigEndian.Uint32(raw) != k.all[0].KeyHash() {
			continue
		}
		raw[r.Intn(len(raw))] ^= 1 << r.Intn(8)
		lines[i] = fmt.Sprintf("%s %s %s\n", parts[0], parts[1], strict.EncodeToString(raw))
	}
	return append(append([]byte{}, text[:at]...), strings.Join(lines, "")...)
}

// mutate changes one bit of the path, the index, the opening, the signed text or a signature that is known.
func mutate(r *rand.Rand, p proof, k keys) proof {
	m := proof{append([]byte{}, p.extra...), p.index, append(tlog.RecordProof{}, p.hashes...), append([]byte{}, p.note...)}
	text := bytes.LastIndex(m.note, []byte("\n\n"))
	switch choice := r.Intn(5); {
	case choice == 0 && len(m.hashes) > 0:
		m.hashes[r.Intn(len(m.hashes))][r.Intn(32)] ^= 1 << r.Intn(8)
	case choice == 1:
		m.index ^= 1 << r.Intn(62)
	case choice == 2:
		m.extra[len(openingHead)+r.Intn(leafSize)] ^= 1 << r.Intn(8)
	case choice == 3:
		m.note = flipSignature(r, m.note, text+2, k)
	default:
		m.note[r.Intn(text+1)] ^= 1 << r.Intn(8)
	}
	return m
}

func files(arguments []string) []string {
	var out []string
	for _, a := range arguments {
		if info, err := os.Stat(a); err == nil && info.IsDir() {
			inside, _ := filepath.Glob(filepath.Join(a, "*.tlog-proof"))
			sort.Strings(inside)
			out = append(out, inside...)
		} else {
			out = append(out, a)
		}
	}
	return out
}

func fail(format string, a ...interface{}) {
	fmt.Printf("FAILED "+format+"\n", a...)
	os.Exit(1)
}

func checkFolder(dir string, k keys) [][]byte {
	text, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		fail("%v", err)
	}
	h, err := openHead(k, text)
	if err != nil {
		fail("checkpoint: %v", err)
	}
	entries, err := readEntries(dir, h.size)
	if err != nil {
		fail("%v", err)
	}
	var s stored
	for i, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(i), entry, s)
		if err != nil {
			fail("%v", err)
		}
		s = append(s, hashes...)
	}
	tiles, err := checkTiles(dir, s, h.size)
	if err != nil {
		fail("%v", err)
	}
	heads, err := checkSteps(dir, k, s)
	if err != nil {
		fail("%v", err)
	}
	fmt.Printf("%d entries, %d tiles, %d checkpoints\n", len(entries), tiles, heads)
	return entries
}

func main() {
	dir := flag.String("folder", "", "C2SP static layout")
	vkeys := flag.String("vkeys", "", "file with a verifier key a line, the log's first")
	count := flag.Int("mutate", 0, "how many changed proofs to try")
	seed := flag.Int64("seed", 1, "of the changes")
	flag.Parse()
	k, err := readKeys(*vkeys)
	if err != nil {
		fail("%v", err)
	}
	var entries [][]byte
	if *dir != "" {
		entries = checkFolder(*dir, k)
	}
	accepted, rejected := 0, 0
	var good []proof
	for _, path := range files(flag.Args()) {
		text, err := os.ReadFile(path)
		var p proof
		if err == nil {
			p, err = parseProof(text)
		}
		if err == nil {
			err = verify(k, p, entries)
		}
		if err != nil {
			fmt.Printf("%s: %v\n", path, err)
			rejected++
			continue
		}
		accepted++
		good = append(good, p)
	}
	fmt.Printf("%d accepted, %d rejected\n", accepted, rejected)
	bad := rejected > 0 || accepted == 0
	if *count > 0 && len(good) > 0 {
		r, taken := rand.New(rand.NewSource(*seed)), 0
		for i := 0; i < *count; i++ {
			p := good[r.Intn(len(good))]
			if err := verify(k, mutate(r, p, k), nil); err == nil {
				taken++
			}
		}
		fmt.Printf("mutated (seed %d): %d accepted, %d rejected\n", *seed, taken, *count-taken)
		bad = bad || taken > 0
	}
	if bad {
		os.Exit(1)
	}
}
