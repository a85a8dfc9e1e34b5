package storage

import (
	"encoding/binary"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// kind is a type of PostgreSQL's: its name, and its number on the wire.
type kind struct {
	name string
	oid  uint32
}

var (
	kindText   = &kind{"text", pgtype.TextOID}
	kindNumber = &kind{"bigint", pgtype.Int8OID}
	kindFlag   = &kind{"boolean", pgtype.BoolOID}
	kindBytes  = &kind{"bytea", pgtype.ByteaOID}
	kindTime   = &kind{"timestamptz", pgtype.TimestamptzOID}
)

// column is one parameter of a planned statement in PostgreSQL's binary form: an array with a value of each row, or a value alone.
type column struct {
	kind  *kind
	alone bool
	count uint32
	nulls uint32
	data  []byte
}

// An array begins with its dimensions, whether it has nulls, its elements' type, their number, and the first index; a value with its
// length, of which all bits are set for null.
const (
	arrayHead  = 5 * 4
	nullLength = 0xFFFFFFFF
)

func newColumn(k *kind) *column { return &column{kind: k, data: make([]byte, arrayHead, 256)} }

// begin opens the next value.
func (c *column) begin(length int) {
	c.count++
	c.data = binary.BigEndian.AppendUint32(c.data, uint32(length))
}

func (c *column) null() {
	c.count++
	c.nulls = 1
	c.data = binary.BigEndian.AppendUint32(c.data, nullLength)
}

func (c *column) text(value string) {
	c.begin(len(value))
	c.data = append(c.data, value...)
}

func (c *column) number(value int64) {
	c.begin(8)
	c.data = binary.BigEndian.AppendUint64(c.data, uint64(value))
}

func (c *column) flag(value bool) {
	c.begin(1)
	c.data = append(c.data, 0)
	if value {
		c.data[len(c.data)-1] = 1
	}
}

// postgresEpoch is where PostgreSQL counts the microseconds of its times from.
var postgresEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

func (c *column) time(value time.Time) { c.number(value.UnixMicro() - postgresEpoch) }

// join adds the values of another column of the same kind; both are arrays.
func (c *column) join(more *column) {
	c.count += more.count
	c.nulls |= more.nulls
	c.data = append(c.data, more.data[arrayHead:]...)
}

// parameter is what is sent: the array, or the only value without its length, nil where that is null.
func (c *column) parameter() []byte {
	if c.alone {
		if c.nulls > 0 {
			return nil
		}
		return c.data[arrayHead+4:]
	}
	for i, n := range []uint32{1, c.nulls, c.kind.oid, c.count, 1} {
		binary.BigEndian.PutUint32(c.data[4*i:], n)
	}
	return c.data
}
