void maas_placeholder(void);
