#define BOOST_TEST_MODULE carnet
#include <boost/test/unit_test.hpp>
