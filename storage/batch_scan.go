package storage

import (
	"database/sql"
	"fmt"
	"net/netip"
	"time"
)

// scanner turns one column into a value of the vocabulary.
type scanner func(source any) error

// Scan implements sql.Scanner.
func (f scanner) Scan(source any) error { return f(source) }

// timeInto reads a time of either engine; NULL is the zero time.
func timeInto(to *time.Time) sql.Scanner {
	return scanner(func(source any) (err error) {
		switch v := source.(type) {
		case nil:
			*to = time.Time{}
		case time.Time:
			*to = v.UTC()
		case string:
			*to, err = parseSQLiteTime(v)
			*to = to.UTC()
		default:
			err = fmt.Errorf("storage: a time came as %T", source)
		}
		return err
	})
}

// textInto reads text; NULL is empty.
func textInto[T ~string](to *T) sql.Scanner {
	return scanner(func(source any) error {
		switch v := source.(type) {
		case nil:
			*to = ""
		case string:
			*to = T(v)
		case []byte:
			*to = T(v)
		default:
			return fmt.Errorf("storage: text came as %T", source)
		}
		return nil
	})
}

// addressInto reads an IP address; NULL is the zero address.
func addressInto(to *netip.Addr) sql.Scanner {
	return scanner(func(source any) (err error) {
		var text string
		if err := textInto(&text).Scan(source); err != nil || text == "" {
			return err
		}
		*to, err = netip.ParseAddr(text)
		return err
	})
}

// durationInto reads microseconds.
func durationInto(to *time.Duration) sql.Scanner {
	return scanner(func(source any) error {
		v, ok := source.(int64)
		if !ok {
			return fmt.Errorf("storage: a duration came as %T", source)
		}
		*to = time.Duration(v) * time.Microsecond
		return nil
	})
}
