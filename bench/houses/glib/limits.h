void dispatches(int n);
void eventfd_trips(int n);
void futex_trips(int n);
