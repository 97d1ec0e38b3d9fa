#include "CKrunShims.h"
