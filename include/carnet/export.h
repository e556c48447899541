/* What the libraries export; everything else in them is hidden. The only macro of the C++
 * headers. */
#ifndef CARNET_EXPORT_H_
#define CARNET_EXPORT_H_

#if defined(__GNUC__)
#define CARNET_API __attribute__((visibility("default")))
#else
#define CARNET_API
#endif

#endif /* CARNET_EXPORT_H_ */
