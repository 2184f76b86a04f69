// Package stacks reads the stacks of goroutines as the runtime prints them, and writes them for
// people to read: the function, file and line of each call, the program's calls first, without
// arguments. Arguments are mostly numbers and addresses, which tell a reader nothing. But a
// small number can be read, such as a PIN. Package runtime promises nothing about its text, so
// the package leaves out what it can't read.
package stacks
