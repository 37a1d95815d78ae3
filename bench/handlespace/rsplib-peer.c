// Times the handlespace of RSPLIB (Debian packages librsplib-dev and librsplib3, library rsphsmgt) in process, so that
// run.ts can time ours on the same work in the same run. After reference/rsplib-handlespace.c of this project.
//   cc -O2 rsplib-peer.c -o rsplib-peer -lrsphsmgt -ltdnetutilities -ltdstorage
//   rsplib-peer POLICY_TYPE ELEMENTS OPERATIONS    one line of JSON, operations per second
// Elements are registered, and at the end deregistered, again and again until OPERATIONS of each were done.
// Only exported symbols are used, with declarations of our own; structures are opaque, over-allocated buffers.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct policy { unsigned type, weight, load, degradation, loadDpf, weightDpf, distance; };
typedef void *ptr;
extern void poolPolicySettingsNew(struct policy *);
extern void poolHandleNew(ptr, const unsigned char *, size_t);
extern void transportAddressBlockNew(ptr, int, uint16_t, uint16_t, ptr, size_t, size_t);
extern int string2address(const char *, ptr);
extern void poolHandlespaceManagementNew_SimpleRedBlackTree(ptr, uint32_t, ptr, ptr, ptr);
extern unsigned poolHandlespaceManagementRegisterPoolElement_SimpleRedBlackTree(ptr, ptr, uint32_t, uint32_t, unsigned,
  const struct policy *, ptr, ptr, int, int32_t, unsigned long long, ptr *);
extern unsigned poolHandlespaceManagementHandleResolution_SimpleRedBlackTree(ptr, ptr, ptr *, size_t *, size_t, size_t);
extern unsigned poolHandlespaceManagementDeregisterPoolElement_SimpleRedBlackTree(ptr, ptr, uint32_t);

static ptr handlespace, handle, block;
static unsigned policyType;
static size_t failed = 0;
static uint32_t state = 12345;

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec * 1e-9; }

static uint32_t rnd(void) { state ^= state << 13; state ^= state >> 17; state ^= state << 5; return state; }

// The same values as in ours.ts.
static void registerElement(size_t index) {
  struct policy p[2];
  ptr node;
  memset(p, 0, sizeof p);
  poolPolicySettingsNew(p);
  p->type = policyType;
  p->weight = 1 + index % 7;
  p->load = rnd() >> 8;
  p->degradation = 1000;
  p->loadDpf = 100;
  p->weightDpf = 1000000;
  p->distance = index % 4 * 10;
  // Its caller reads the clock for each registration, as ours does within.
  failed += poolHandlespaceManagementRegisterPoolElement_SimpleRedBlackTree(handlespace, handle, 1, index + 1, 300000, p,
    block, block, 1, 1, (unsigned long long)(now() * 1e6), &node) != 0;
}

int main(int argc, char **argv) {
  if (argc != 4) { fprintf(stderr, "usage: %s POLICY_TYPE ELEMENTS OPERATIONS\n", argv[0]); return 2; }
  policyType = strtoul(argv[1], 0, 0);
  const size_t elements = atol(argv[2]), operations = atol(argv[3]), passes = (operations + elements - 1) / elements;
  double seconds[4] = { 0, 0, 0, 0 }, start;
  size_t selected = 0;
  ptr address = calloc(1, 4096), out[1];
  handlespace = calloc(1, 65536); handle = calloc(1, 512); block = calloc(1, 4096);
  poolHandlespaceManagementNew_SimpleRedBlackTree(handlespace, 1, 0, 0, 0);
  string2address("127.0.0.1:1234", address);
  transportAddressBlockNew(block, 132, 1234, 0, address, 1, 1);
  poolHandleNew(handle, (const unsigned char *)"pool", 4);

  for (size_t pass = 0; pass < passes; pass++) {
    start = now();
    for (size_t index = 0; index < elements; index++) registerElement(index);
    seconds[0] += now() - start;
    if (pass == 0) {
      start = now();
      for (size_t count = 0; count < operations; count++) {
        size_t items = 1;
        if (poolHandlespaceManagementHandleResolution_SimpleRedBlackTree(handlespace, handle, out, &items, 1, 1) == 0) selected += items;
      }
      seconds[1] = now() - start;
      start = now();
      for (size_t count = 0; count < operations; count++) registerElement(rnd() % elements);
      seconds[2] = now() - start;
    }
    start = now();
    for (size_t index = 0; index < elements; index++)
      failed += poolHandlespaceManagementDeregisterPoolElement_SimpleRedBlackTree(handlespace, handle, index + 1) != 0;
    seconds[3] += now() - start;
  }
  printf("{\"register\":%.0f,\"resolve\":%.0f,\"reregister\":%.0f,\"deregister\":%.0f,\"selected\":%zu,\"failed\":%zu}\n",
    passes * elements / seconds[0], operations / seconds[1], operations / seconds[2], passes * elements / seconds[3],
    selected, failed);
  return failed != 0;
}
