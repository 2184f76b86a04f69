package guest

// Version is the version of this library, "v0.1.0" for the first release. guest/console shows it.
// A program may print it beside its own.
const Version = "v0.1.0"
