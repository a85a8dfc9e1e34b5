// Package limit refuses GraphQL documents that would be dear, before anything dear looks at them. Its own work is bounded by the number
// of tokens: every fragment is looked at once, however often it is spread, and numbers are cut off before they overflow.
package limit
