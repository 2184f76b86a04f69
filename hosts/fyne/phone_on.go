//go:build mobile || android || ios

package fynehost

const onPhone = true
