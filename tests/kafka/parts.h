/* The parts of the program; each returns its exit code. */
#ifndef WH_TESTS_KAFKA_PARTS_H
#define WH_TESTS_KAFKA_PARTS_H

int part_conformance(const char *bootstrap);
int part_faults(const char *bootstrap);
int part_lost(const char *bootstrap);
int part_hang(const char *bootstrap);
int part_after_hang(const char *bootstrap, const char *prefix);

#endif
