import { configureGlobal, readConfigureGlobal } from 'fast-check'

/** With FAST_CHECK_SEED properties try the same values in each run: what failed then has a cause. */
configureGlobal({ ...readConfigureGlobal(), seed: Number(process.env['FAST_CHECK_SEED']) })
