// Package cursor makes and reads the places in lists that the API hands out. A cursor is good for one list of one account in one order,
// and only as it was made: it carries a MAC under the instance's key ring.
package cursor
